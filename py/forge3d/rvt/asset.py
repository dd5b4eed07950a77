"""The asset that volumes, components and materials refer to."""

from __future__ import annotations

from typing import TypedDict, Unpack, cast

from .._convert import Numbers, flat_numbers
from ..device import Device
from ._adjustable import Adjustable
from ._core import Reading, from_plain, tell
from ._values import options, to_core
from .options import AssetSettings, CompleteAssetSettings, MaterialTypeName, SettingsChange

__all__ = ["AssetMemory", "RuntimeVirtualTexture"]


class AssetMemory(TypedDict):
    """Memory that a runtime virtual texture takes, in bytes and numbers of what there is."""

    tile_bytes: int
    physical_bytes: int
    page_table_bytes: int


class RuntimeVirtualTexture(Adjustable):
    """The settings that a volume, the components rendered to it and the materials share.

    It holds no memory itself.

    Parameters
    ----------
    name : str, optional
        What messages call it.
    **settings
        Those of :class:`~forge3d.rvt.options.AssetSettings`.

    Raises
    ------
    TypeError
        For a setting that does not exist, or a value of the wrong type.
    ValueError
        For a value that is not allowed.

    Examples
    --------
    >>> ground = RuntimeVirtualTexture(name="ground", material_type="base_color", tile_size=128)
    >>> ground.settings["size_in_tiles_log2"]
    8
    """

    name = Reading[str]("What messages call it.")
    settings = Reading[CompleteAssetSettings]("The settings, all of them.")
    material_type = Reading[MaterialTypeName]("What is stored.")
    streamed_low_mips = Reading[int](
        "How many of its coarsest levels are streamed from built low mips; 0 without a volume."
    )

    def __init__(self, *, name: str | None = None, **settings: Unpack[AssetSettings]) -> None:
        self._make_of_options({"name": name, **settings})

    def __repr__(self) -> str:
        return f"<forge3d.rvt.RuntimeVirtualTexture {self.name!r}, {self.material_type}>"

    def change(self, **settings: Unpack[AssetSettings]) -> SettingsChange:
        """Change settings; those that are not named stay. Only what must be made anew is.

        Returns
        -------
        {"texture", "content", "none"}
            Whether everything is made anew, every tile is rendered again, or neither.

        Raises
        ------
        TypeError, ValueError
            As when it is made; nothing changes then.
        """
        return self._change(settings)

    def estimate_memory(
        self,
        extent: Numbers = (1.0, 1.0),
        *,
        tile_count_bias: int = 0,
        device: Device | None = None,
    ) -> AssetMemory:
        """Estimate the memory that it takes in a volume.

        Parameters
        ----------
        extent : two numbers
            World lengths of the volume along its own x and y; default a square.
        tile_count_bias : int
            That of the volume plus that of the scene, -24 to 24.
        device : Device, optional
            The device that stores it; default one that has BC formats.

        Returns
        -------
        AssetMemory
            ``tile_bytes`` of one tile with its borders and planes, ``physical_bytes`` of all tiles
            of all levels, and ``page_table_bytes``.

        Raises
        ------
        TypeError, ValueError
            If an argument has the wrong type, or the texture would be too large.
        """
        lengths = flat_numbers(extent, 2, "extent")
        given = {"tile_count_bias": tile_count_bias, "device": device}
        estimate = tell(self, "estimateMemory", to_core(lengths, "extent"), options(given))
        return cast("AssetMemory", from_plain(estimate))
