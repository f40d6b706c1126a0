"""Images on the host: decoding, channel conversion, and fitting to the network's size."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from absl import logging

from aae_jax.errors import UserError

_BLOCK = 500  # files decoded at a time
_BLOCK_BYTES = 256 * 2**20  # of their pixels: a few dozen photographs


def decode(content: bytes, channels: int, origin: str, *, as_shown: bool = False) -> np.ndarray:
    """Decodes one image.

    Args:
        content: the file's bytes: PNG, JPEG or another format that Pillow reads.
        channels: 1 or 3, or 0 to keep grey images grey and make all others RGB.
        origin: names the image in messages.
        as_shown: as a viewer shows it: what is transparent laid on white, and turned as its EXIF
            orientation says. Otherwise alpha and EXIF are dropped.

    Returns:
        uint8 [H, W, C].

    Raises:
        UserError: not an image, damaged, or more than 8 bits a channel.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            if as_shown:
                image = _on_white(ImageOps.exif_transpose(image))
            if image.mode.startswith(("I", "F")):
                raise UserError(
                    f"{origin}: has {image.mode} pixels; convert it to 8 bits a channel"
                )
            grey = channels == 1 or (channels == 0 and image.mode in ("1", "L", "LA", "La"))
            pixels = np.array(image.convert("L" if grey else "RGB"))
    except UserError:
        raise
    except Exception as error:  # Pillow raises many types, SyntaxError and struct.error included
        raise UserError(f"{origin}: damaged or not an image; replace it or remove it") from error
    return pixels[:, :, None] if grey else pixels


def _on_white(image: Any) -> Any:
    """A Pillow image without transparency."""
    from PIL import Image

    if not image.has_transparency_data:
        return image
    grey = image.mode in ("LA", "La", "L", "1")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("L" if grey else "RGB")


def decode_files(paths: Sequence[Path], channels: int, name: str) -> Iterator[list[np.ndarray]]:
    """Decodes image files as shown, in blocks, and says every few seconds how far it is.

    Args:
        paths: image files.
        channels: as in `decode`.
        name: of the images together, for the log.

    Yields:
        A list of uint8 [H, W, C].

    Raises:
        UserError: a file cannot be read, or as in `decode`; the line names the file.
    """
    block: list[np.ndarray] = []
    for done, path in enumerate(paths, start=1):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}") from error
        block.append(decode(content, channels, str(path), as_shown=True))
        full = len(block) == _BLOCK or sum(image.nbytes for image in block) >= _BLOCK_BYTES
        if full or done == len(paths):
            yield block
            block = []
            logging.log_every_n_seconds(
                logging.INFO, "Decoding %s: %d of %d.", 5, name, done, len(paths)
            )


@dataclass(frozen=True)
class Fit:
    """Brings images to what the network reads.

    Attributes:
        size: height and width, 0 to keep the stored ones.
        resize: 'pad' (zeros around, the odd pixel right and below), 'bilinear' (antialiased when
            shrinking; other aspect ratios are stretched), 'crop' (the middle square, resized
            bilinearly) or 'none' (sizes must agree).
        channels: 1 (luma of ITU-R 601), 3 (grey repeated) or 0 to keep the stored ones.
    """

    size: int
    resize: str
    channels: int

    def __call__(self, images: Sequence[np.ndarray], origin: str) -> np.ndarray:
        """Fits images.

        Args:
            images: uint8 [N, H, W, C], or a sequence of [H, W, C] of differing sizes.
            origin: where they come from, for messages.

        Returns:
            uint8 [N, size, size, channels].

        Raises:
            UserError: sizes or channels do not agree and the settings do not say what to do.
        """
        if not isinstance(images, np.ndarray):
            images = [self._convert(image, origin) for image in images]
            if len({image.shape for image in images}) > 1:
                return self._fit_each(images, origin)
            images = np.stack(images)
        return self._resize(self._convert(images, origin), origin)

    def describe(self, shape: tuple[int, ...]) -> str:
        """Says in words what the images at hand went through; `shape` is (H, W, C) as fitted."""
        height, width, channels = shape
        how = {
            "pad": ", smaller images zero-padded",
            "bilinear": ", resized bilinearly",
            "crop": ", the middle square resized bilinearly",
        }
        how = how.get(self.resize, "") if self.size else ""
        return f"{height}x{width}x{channels} images{how}"

    def _fit_each(self, images: list[np.ndarray], origin: str) -> np.ndarray:
        if len({image.shape[-1] for image in images}) > 1:
            raise UserError(f"{origin} mixes grey and colour images: set data.channels to 1 or 3")
        if not self.size or self.resize == "none":
            raise UserError(
                f"{origin} holds images of different sizes: set data.image_size, and data.resize "
                "to 'crop', 'bilinear' or 'pad'"
            )
        return np.concatenate([self._resize(image[None], origin) for image in images])

    def _convert(self, images: np.ndarray, origin: str) -> np.ndarray:
        stored = images.shape[-1]
        if stored not in (1, 3):
            raise UserError(
                f"{origin}: images of {stored} channels, expected 1 or 3, without alpha, on the "
                "last axis"
            )
        if self.channels in (0, stored):
            return images
        if self.channels == 3:
            return np.repeat(images, 3, axis=-1)
        luma = images.astype(np.uint32) @ np.array([299, 587, 114], np.uint32)
        return ((luma + 500) // 1000).astype(np.uint8)[..., None]

    def _resize(self, images: np.ndarray, origin: str) -> np.ndarray:
        height, width = images.shape[1:3]
        size = self.size
        if not size or (height, width) == (size, size):
            return images
        if self.resize == "crop":
            side = min(height, width)
            top, left = (height - side) // 2, (width - side) // 2
            return _bilinear(images[:, top : top + side, left : left + side], size)
        if self.resize == "none":
            raise UserError(
                f"{origin}: images are {height}x{width} but data.image_size={size}: set "
                f"data.resize to 'crop', 'bilinear' or 'pad', or data.image_size=0"
            )
        if self.resize == "bilinear":
            return _bilinear(images, size)
        if height > size or width > size:
            raise UserError(
                f"{origin}: images are {height}x{width}, too large to pad to "
                f"data.image_size={size}: set data.resize to 'crop' or 'bilinear'"
            )
        top, left = (size - height) // 2, (size - width) // 2
        around = ((0, 0), (top, size - height - top), (left, size - width - left), (0, 0))
        return np.pad(images, around)


def _bilinear(images: np.ndarray, size: int) -> np.ndarray:
    from PIL import Image

    fitted = np.empty((len(images), size, size, images.shape[-1]), np.uint8)
    for image, target in zip(images, fitted, strict=True):
        # Pillow wants grey images without their channel axis.
        picture = Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)
        resized = np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR))
        target[:] = resized.reshape(target.shape)
    return fitted
