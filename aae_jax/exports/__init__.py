"""Exported models: a folder that runs without the code that trained it.

    <folder>/README.md           the model card, with how to load it
    <folder>/export.json         the manifest: format, shapes, functions, SHA-256 of each file
    <folder>/config.json         the run's config
    <folder>/model.safetensors   parameters and batch statistics
    <folder>/functions/*.bin     each inference function, serialised by jax.export

`writing` makes such a folder and needs the model's code; `reading` loads one and needs none of it.
"""
