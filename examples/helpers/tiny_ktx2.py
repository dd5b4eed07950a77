"""Writes small KTX2 files, so that the examples need no downloads.

Plain Python, no numpy: fine for a few million texels. The layout is that of the Khronos KTX file
format 2.0; the data format descriptor that of the Khronos Data Format Specification 1.3.
"""

import struct

_IDENTIFIER = b"\xabKTX 20\xbb\r\n\x1a\n"
_VK_FORMAT_R8G8B8A8_SRGB = 43
_VK_FORMAT_BC7_SRGB_BLOCK = 146
_MODEL_RGBSDA = 1
_MODEL_BC7 = 134
_PRIMARIES_BT709 = 1
_TRANSFER_SRGB = 2
_LINEAR_CHANNEL = 0x10
_ALPHA_CHANNEL = 15


def write_rgba8(path, width, height, color, background=(0, 0, 0)):
    """Write an sRGB texture with all its levels.

    Parameters
    ----------
    path : str or os.PathLike
        Where to.
    width, height : int
        Size of level 0 in texels.
    color : callable
        ``color(u, v)`` gives red, green and blue, 0 to 255, for `u` and `v` from 0 to 1.
    background : tuple of int
        What is shown where `color` gives None.
    """
    levels = []
    for level_width, level_height in _level_sizes(width, height):
        rows = bytearray()
        for y in range(level_height):
            v = (y + 0.5) / level_height
            for x in range(level_width):
                rows += bytes((*(color((x + 0.5) / level_width, v) or background), 255))
        levels.append(bytes(rows))
    samples = [
        (8 * channel, 8, channel_type, 255)
        for channel, channel_type in enumerate((0, 1, 2, _ALPHA_CHANNEL | _LINEAR_CHANNEL))
    ]
    descriptor = _descriptor(_MODEL_RGBSDA, 1, 4, samples)
    _write(path, _VK_FORMAT_R8G8B8A8_SRGB, width, height, descriptor, levels, alignment=4)


def write_bc7(path, width, height, color):
    """Write a BC7 texture of 4 by 4 blocks of one colour each, with all its levels.

    The arguments are those of :func:`write_rgba8`.
    """
    levels = []
    for level_width, level_height in _level_sizes(width, height):
        columns, rows = -(-level_width // 4), -(-level_height // 4)
        levels.append(
            b"".join(
                _bc7_block(color((x + 0.5) / columns, (y + 0.5) / rows))
                for y in range(rows)
                for x in range(columns)
            )
        )
    descriptor = _descriptor(_MODEL_BC7, 4, 16, [(0, 128, 0, 0xFFFFFFFF)])
    _write(path, _VK_FORMAT_BC7_SRGB_BLOCK, width, height, descriptor, levels, alignment=16)


def _bc7_block(rgb):
    # Mode 6: seven bits of mode, both endpoints by channel at seven bits, two lowest bits that all
    # channels of an endpoint share, sixteen indices. Equal endpoints make every index the same.
    bits, at = 1 << 6, 7
    for value in (*rgb, 255):
        for _endpoint in range(2):
            bits |= (value >> 1) << at
            at += 7
    bits |= 0b11 << at
    return bits.to_bytes(16, "little")


def _level_sizes(width, height):
    yield width, height
    while width > 1 or height > 1:
        width, height = max(1, width // 2), max(1, height // 2)
        yield width, height


def _descriptor(model, block_edge, block_bytes, samples):
    block = struct.pack(
        "<IHHBBBB4B8B",
        0,
        2,
        24 + 16 * len(samples),
        model,
        _PRIMARIES_BT709,
        _TRANSFER_SRGB,
        0,
        *(block_edge - 1, block_edge - 1, 0, 0),
        *(block_bytes, 0, 0, 0, 0, 0, 0, 0),
    )
    for offset, length, channel, upper in samples:
        block += struct.pack("<HBBIII", offset, length - 1, channel, 0, 0, upper)
    return struct.pack("<I", 4 + len(block)) + block


def _write(path, vk_format, width, height, descriptor, levels, alignment):
    descriptor_at = 80 + 24 * len(levels)
    position = descriptor_at + len(descriptor)
    index, body = [], b""
    # Smallest level first, each at a multiple of the block's size.
    for data in reversed(levels):
        padding = -position % alignment
        body += bytes(padding)
        index.append((position + padding, len(data), len(data)))
        body += data
        position += padding + len(data)
    with open(path, "wb") as file:
        file.write(_IDENTIFIER)
        file.write(struct.pack("<9I", vk_format, 1, width, height, 0, 0, 1, len(levels), 0))
        file.write(struct.pack("<4I2Q", descriptor_at, len(descriptor), 0, 0, 0, 0))
        for entry in reversed(index):
            file.write(struct.pack("<3Q", *entry))
        file.write(descriptor)
        file.write(body)
