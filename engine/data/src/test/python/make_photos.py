"""Writes small photos of every kind, and their values in Pillow, for PillowPhotosTest.

    python make_photos.py ../resources/io/heddle/data/photo/photos

pillow.txt has a line for each file: its name, width, height, and the bytes of its pixels in hexadecimal digits, as red,
green and blue, and as gray; what is transparent lies on white, and 16 bits are rounded to 8.
"""

import pathlib
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

out = pathlib.Path(sys.argv[1])
draw = np.random.default_rng(7)
W, H = 13, 9
y, x = np.mgrid[0:H, 0:W]
smooth = np.stack([20 * x, 28 * y, 255 - 9 * (x + y)], axis=2).clip(0, 255).astype("uint8")
smooth[2:5, 3:7] = [200, 30, 40]
rgb = Image.fromarray(smooth)
noise = Image.fromarray(draw.integers(0, 256, (H, W, 3), dtype="uint8"))
gray = Image.fromarray(smooth[:, :, 0])
alpha = Image.fromarray(np.dstack([smooth, (19 * x).clip(0, 255).astype("uint8")]))
cmyk = rgb.convert("CMYK")
inks = Image.fromarray(np.dstack([smooth, 255 - smooth[:, :, 1] // 2]), "CMYK")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, samples, depth, colour, palette=b""):
    """For images that Pillow cannot write: samples by row and pixel, as bytes of big-endian numbers."""
    rows = b"".join(b"\0" + row for row in samples)
    header = struct.pack(">IIBBBBB", W, H, depth, colour, 0, 0, 0)
    (out / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


rgb.save(out / "smooth.jpg", quality=90)
noise.save(out / "noise-420.jpg", quality=80, subsampling=2)
noise.save(out / "noise-422.jpg", quality=80, subsampling=1)
noise.save(out / "progressive.jpg", quality=85, progressive=True)
gray.save(out / "gray.jpg", quality=90)
inks.save(out / "cmyk.jpg", quality=95)
noise.convert("CMYK").save(out / "cmyk-noise.jpg", quality=70)
data = (out / "cmyk.jpg").read_bytes()
at = data.index(b"Adobe") + 11
(out / "ycck.jpg").write_bytes(data[:at] + b"\x02" + data[at + 1 :])
data = (out / "cmyk.jpg").read_bytes()
at = data.index(b"\xff\xee")
(out / "cmyk-no-adobe.jpg").write_bytes(data[:at] + data[at + 16 :])
# The segment of Adobe instead of that of JFIF: red, green and blue without luma.
data = (out / "smooth.jpg").read_bytes()
jfif = data.index(b"\xff\xe0")
for name, transform in [("adobe-rgb.jpg", 0), ("adobe-ycc.jpg", 1)]:
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([transform])
    (out / name).write_bytes(data[:jfif] + adobe + data[jfif + 18 :])
(out / "bare.jpg").write_bytes(data[:jfif] + data[jfif + 18 :])
# Invalid profiles: for gray, for another device, truncated, empty.
srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
rgb.save(out / "icc-srgb.jpg", quality=90, icc_profile=srgb)
rgb.save(out / "icc-lab.jpg", quality=90, icc_profile=lab)
rgb.save(out / "icc-gray.jpg", quality=90, icc_profile=srgb[:16] + b"GRAY" + srgb[20:])
rgb.save(out / "icc-short.jpg", quality=90, icc_profile=srgb[:90])
rgb.save(out / "icc-nonsense.jpg", quality=90, icc_profile=b"no profile at all" * 20)
gray.save(out / "icc-rgb-in-gray.jpg", quality=90, icc_profile=srgb)
inks.save(out / "icc-rgb-in-cmyk.jpg", quality=90, icc_profile=srgb)
exif = Image.Exif()
exif[0x0112] = 6
rgb.save(out / "turned.jpg", quality=90, exif=exif)
rgb.save(out / "turned.webp", lossless=True, exif=exif)
rgb.save(out / "turned.png", exif=exif)
rgb.save(out / "turned.tif", exif=exif)

rgb.save(out / "plain.png")
gray.save(out / "gray.png")
alpha.save(out / "alpha.png")
alpha.convert("LA").save(out / "gray-alpha.png")
rgb.quantize(16).save(out / "palette.png")
alpha.quantize(16).save(out / "palette-alpha.png")
rgb.quantize(4).save(out / "palette-2-bits.png", bits=2)
gray.point(lambda v: 255 * (v > 90)).convert("1").save(out / "one-bit.png")
rgb.save(out / "icc.png", icc_profile=lab)
deep = draw.integers(0, 1 << 16, (H, W, 4), dtype="uint16")
png("gray-16.png", [deep[i, :, 0].astype(">u2").tobytes() for i in range(H)], 16, 0)
png("gray-alpha-16.png", [deep[i, :, :2].astype(">u2").tobytes() for i in range(H)], 16, 4)
png("rgb-16.png", [deep[i, :, :3].astype(">u2").tobytes() for i in range(H)], 16, 2)
png("rgba-16.png", [deep[i].astype(">u2").tobytes() for i in range(H)], 16, 6)
four = (smooth[:, :, 0] // 17).astype("uint8")
odd = np.hstack([four, np.zeros((H, 1), "uint8")])
png("gray-4.png", [(odd[i, ::2] << 4 | odd[i, 1::2]).tobytes() for i in range(H)], 4, 0)
png("transparent-colour.png", [smooth[i].tobytes() for i in range(H)], 8, 2, chunk(b"tRNS", struct.pack(">HHH", 200, 30, 40)))

colours = rgb.quantize(16)
colours.save(out / "still.gif")
colours.save(out / "animated.gif", save_all=True, append_images=[noise.quantize(16), colours], duration=50)
alpha.quantize(16).save(out / "transparent.gif")
# An image that does not fill its screen.
data = bytearray((out / "still.gif").read_bytes())
data[6:10] = struct.pack("<HH", W + 4, H + 3)
at = data.index(b"\x2c\0\0\0\0" + struct.pack("<HH", W, H))
data[at + 1 : at + 5] = struct.pack("<HH", 3, 2)
(out / "offset.gif").write_bytes(data)

rgb.save(out / "plain.bmp")
colours.save(out / "palette.bmp")
gray.save(out / "gray.bmp")
alpha.save(out / "alpha.bmp")
rgb.save(out / "plain.tif", compression="tiff_lzw")
rgb.save(out / "deflate.tiff", compression="tiff_adobe_deflate")
gray.save(out / "gray.tif")
inks.save(out / "cmyk.tif")
alpha.save(out / "alpha.tif")
Image.fromarray(deep[:, :, 0]).save(out / "gray-16.tif")
rgb.save(out / "pages.tif", save_all=True, append_images=[noise.copy()], compression="tiff_lzw")
rgb.save(out / "lossless.webp", lossless=True)
noise.save(out / "noise-lossless.webp", lossless=True)
large = Image.fromarray(draw.integers(0, 256, (4, 5, 3), dtype="uint8")).resize((60, 44), Image.BICUBIC)
large.save(out / "lossy.webp", quality=90)
# The first block is predicted from the border of the image, which only some encoders and settings write.
j, i = np.mgrid[0:40, 0:50]
steep = np.stack([60 + 3 * i, 250 - 4 * j, 40 + 2 * i + 2 * j], axis=2).clip(0, 255).astype("uint8")
Image.fromarray(steep).save(out / "lossy-predicted.webp", quality=80, method=0)
alpha.save(out / "alpha.webp", lossless=True, exact=True)
rgb.save(out / "icc.webp", lossless=True, icc_profile=lab)
rgb.save(out / "animated.webp", lossless=True, save_all=True, append_images=[noise])
# libwebp does not store the last, transparent colour of a palette: its index is outside the palette.
icon = np.dstack([draw.integers(0, 256, (30, 3), dtype="uint8")[(7 * x + 3 * y) % 30], 255 * (x + y > 8).astype("uint8")])
icon = Image.fromarray(icon.astype("uint8"))
icon.save(out / "palette-transparent.webp", lossless=True)
# A lossy image of one colour, which is exact, with transparency without compression, with a filter, and compressed.
flat = np.full((H, W, 3), 100, "uint8")
for name, a in [("raw", draw.integers(0, 256, (H, W))), ("filtered", 9 * x + 13 * y), ("packed", 255 * (x > y))]:
    Image.fromarray(np.dstack([flat, a.astype("uint8")])).save(out / f"transparent-{name}.webp", quality=90)
# The first image covers a part of the canvas.
part = Image.fromarray(np.dstack([flat, 255 * ((x > 4) & (y > 2)).astype("uint8")]))
part.save(out / "part.webp", save_all=True, append_images=[alpha], quality=90)


def read(file):
    deep16 = {"gray-16.png": 1, "gray-alpha-16.png": 2, "rgb-16.png": 3, "rgba-16.png": 4, "gray-16.tif": 1}
    if file.name in deep16:
        # Pillow truncates 16 bits to 8; here they are rounded.
        values = deep[:, :, : deep16[file.name]].astype("float64") / 257
        if values.shape[2] in (2, 4):
            a = values[:, :, -1:] / 255
            values = a * values[:, :, :-1] + (1 - a) * 255
        values = np.floor(values + 0.5).astype("uint8")
        image = Image.fromarray(values if values.shape[2] == 3 else values[:, :, 0])
        cut = Image.open(file)
        if cut.mode in ("RGB", "L"):
            assert np.abs(np.asarray(cut).astype(int) - np.asarray(image)).max() <= 1
        return image
    image = ImageOps.exif_transpose(Image.open(file))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image


lines = []
for file in sorted(out.iterdir()):
    if file.suffix == ".txt":
        continue
    image = read(file)
    colour = image.convert("RGB")
    bytes_of = [colour.tobytes().hex(), colour.convert("L").tobytes().hex()]
    lines.append("|".join([file.name, str(image.width), str(image.height), *bytes_of]))
(out / "pillow.txt").write_text("\n".join(lines) + "\n")
