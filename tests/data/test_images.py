import io

import numpy as np
import pytest
from PIL import Image

from aae_jax.data.images import Fit, decode, decode_files
from aae_jax.errors import UserError
from tests.data.helpers import pictures


def encoded(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_decode_keeps_grey_and_colour():
    colour = pictures(1, 5, 4, 3)[0]
    grey = pictures(1, 5, 4, 1)[0]
    np.testing.assert_array_equal(decode(encoded(colour), 0, "x"), colour)
    np.testing.assert_array_equal(decode(encoded(grey[..., 0]), 0, "x"), grey)
    np.testing.assert_array_equal(decode(encoded(grey[..., 0]), 3, "x"), np.repeat(grey, 3, -1))


def test_files_are_decoded_in_blocks_and_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr("aae_jax.data.images._BLOCK", 3)
    colour = pictures(7, 5, 4, 3)
    paths = [tmp_path / f"{i}.png" for i in range(7)]
    for path, image in zip(paths, colour, strict=True):
        path.write_bytes(encoded(image))
    blocks = list(decode_files(paths, 0, "seven"))
    assert [len(block) for block in blocks] == [3, 3, 1]
    np.testing.assert_array_equal(np.concatenate(blocks), colour)
    paths[4].unlink()
    with pytest.raises(UserError, match="4.png cannot be read: No such file"):
        list(decode_files(paths, 0, "seven"))


def test_decode_drops_alpha():
    pixels = pictures(1, 3, 3, 4)[0]
    np.testing.assert_array_equal(decode(encoded(pixels), 0, "x"), pixels[..., :3])


def test_decode_as_shown_lays_what_is_transparent_on_white():
    pixels = np.array([[[10, 20, 30, 255], [10, 20, 30, 0]]], np.uint8)
    np.testing.assert_array_equal(
        decode(encoded(pixels), 0, "x", as_shown=True), [[[10, 20, 30], [255, 255, 255]]]
    )
    grey = decode(encoded(np.array([[[10, 0]]], np.uint8)), 0, "x", as_shown=True)
    np.testing.assert_array_equal(grey, [[[255]]])


def test_photographs_are_decoded_a_few_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr("aae_jax.data.images._BLOCK_BYTES", 2 * 9 * 9 * 3)
    paths = [tmp_path / f"{i}.png" for i in range(5)]
    for path in paths:
        path.write_bytes(encoded(pictures(1, 9, 9, 3)[0]))
    assert [len(block) for block in decode_files(paths, 0, "five")] == [2, 2, 1]


def test_crop_keeps_the_middle_square():
    image = np.zeros((1, 4, 8, 1), np.uint8)
    image[:, :, 2:6] = 80
    np.testing.assert_array_equal(Fit(2, "crop", 0)(image, "x"), np.full((1, 2, 2, 1), 80))
    tall = Fit(4, "crop", 0)([image[0], image[0].swapaxes(0, 1)], "x")
    np.testing.assert_array_equal(tall, np.full((2, 4, 4, 1), 80))


def test_decode_refuses_damage_and_deep_pixels():
    whole = encoded(pictures(1, 32, 32, 3)[0])
    for content in (b"", b"text", whole[: len(whole) // 2]):
        with pytest.raises(UserError, match=r"^a\.png: damaged or not an image"):
            decode(content, 0, "a.png")
    with pytest.raises(UserError, match="convert it to 8 bits"):
        decode(encoded(np.full((3, 3), 40_000, np.uint16)), 0, "a.png")


def test_pad_puts_zeros_around_and_the_odd_one_below_right():
    image = np.full((1, 2, 3, 1), 9, np.uint8)
    padded = Fit(5, "pad", 0)(image, "x")[0, :, :, 0]
    expected = np.zeros((5, 5), np.uint8)
    expected[1:3, 1:4] = 9
    np.testing.assert_array_equal(padded, expected)


def test_pad_refuses_larger_images():
    with pytest.raises(UserError, match="too large to pad"):
        Fit(8, "pad", 0)(pictures(2, 8, 9), "x")


def test_bilinear_averages_when_shrinking_and_keeps_constants():
    checker = np.indices((8, 8)).sum(0) % 2 * 200
    checker = checker.astype(np.uint8)[None, :, :, None]
    shrunk = Fit(2, "bilinear", 0)(checker, "x")
    # Antialiased: every output pixel averages the board; picking single pixels would give 0 or 200.
    assert shrunk.shape == (1, 2, 2, 1)
    assert np.all(np.abs(shrunk.astype(int) - 100) <= 5)
    grown = Fit(12, "bilinear", 3)(np.full((2, 8, 8, 1), 77, np.uint8), "x")
    np.testing.assert_array_equal(grown, np.full((2, 12, 12, 3), 77, np.uint8))


def test_none_wants_the_size_to_agree():
    images = pictures(2, 28, 28)
    assert Fit(28, "none", 0)(images, "x") is images
    assert Fit(0, "none", 0)(images, "x") is images
    with pytest.raises(UserError, match=r"28x28 but data\.image_size=32"):
        Fit(32, "none", 0)(images, "x")


def test_channels():
    colour = np.array([[[[255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 10, 10]]]], np.uint8)
    grey = Fit(0, "none", 1)(colour, "x")
    # 0.299, 0.587 and 0.114 of 255, rounded.
    np.testing.assert_array_equal(grey[..., 0], [[[76, 150, 29, 10]]])
    np.testing.assert_array_equal(Fit(0, "none", 3)(grey, "x"), np.repeat(grey, 3, -1))
    with pytest.raises(UserError, match="2 channels, expected 1 or 3"):
        Fit(0, "none", 0)(pictures(1, 4, 4, 2), "x")


def test_images_of_different_sizes_need_a_size():
    mixed = [pictures(1, 3, 4)[0], pictures(1, 5, 5)[0]]
    with pytest.raises(UserError, match="different sizes"):
        Fit(0, "pad", 0)(mixed, "x")
    fitted = Fit(6, "pad", 0)(mixed, "x")
    assert fitted.shape == (2, 6, 6, 1)
    np.testing.assert_array_equal(fitted[0, 1:4, 1:5], mixed[0])
    np.testing.assert_array_equal(fitted[1, :5, :5], mixed[1])


def test_grey_among_colour_needs_channels():
    mixed = [pictures(1, 4, 4, 1)[0], pictures(1, 4, 4, 3)[0]]
    with pytest.raises(UserError, match="mixes grey and colour"):
        Fit(4, "pad", 0)(mixed, "x")
    assert Fit(0, "none", 1)(mixed, "x").shape == (2, 4, 4, 1)
