"""The volume that places a runtime virtual texture in the world."""

from __future__ import annotations

from typing import Any, Unpack, cast

from .._convert import Numbers, flat_numbers
from .._messages import spelled
from ._adjustable import Adjustable
from ._core import Reading, from_plain, get, tell
from ._reference import keep
from ._values import NULL, to_core
from .asset import RuntimeVirtualTexture
from .options import OrientedBox, SettingsChange, Transform, VolumeSettings
from .tile_grid import TileGrid

__all__ = ["RuntimeVirtualTextureVolume"]


class RuntimeVirtualTextureVolume(Adjustable):
    """Places an asset: what is inside the box and assigned to the asset is rendered to its texture.

    The texture's columns run along the volume's own x, its rows along its y.

    Parameters
    ----------
    asset : RuntimeVirtualTexture
        Only one volume of a scene may have it.
    name : str, optional
        What messages call it.
    **settings
        Those of :class:`~forge3d.rvt.options.VolumeSettings`.

    Raises
    ------
    TypeError
        For a setting that does not exist, or a value of the wrong type.
    ValueError
        For a value that is not allowed, such as a scale of 0.
    """

    name = Reading[str]("What messages call it.")
    asset = Reading[RuntimeVirtualTexture]("The asset that it places.")
    settings = Reading[dict[str, Any]]("The settings, all of them, with the transform.")
    transform = Reading[Transform]("Where it stands.")
    box = Reading[OrientedBox]("Its box in the world.")

    def __init__(
        self,
        asset: RuntimeVirtualTexture,
        *,
        name: str | None = None,
        **settings: Unpack[VolumeSettings],
    ) -> None:
        self._make_of_options({"name": name, **settings}, to_core(asset, "asset"))
        keep(self, "asset", asset)

    def __repr__(self) -> str:
        return f"<forge3d.rvt.RuntimeVirtualTextureVolume {self.name!r} of {self.asset.name!r}>"

    @property
    def warnings(self) -> list[str]:
        """What is not as it should be of its low mips, as the scene is now; empty if all is.

        None built, built with other settings, stale, or not to be read.
        """
        return [spelled(warning) for warning in from_plain(get(self, "warnings"))]

    def change(self, **settings: Unpack[VolumeSettings]) -> SettingsChange:
        """Change settings; those that are not named stay.

        ``virtual_texture_builder=None`` takes the builder away: its low mips are not streamed any
        more, and the next build makes another one. In other settings, None changes nothing.

        Returns
        -------
        {"texture", "content", "none"}
            Whether everything is made anew, every tile is rendered again, or neither.

        Raises
        ------
        TypeError, ValueError
            As when it is made; nothing changes then.
        """
        given: dict[str, Any] = {**settings}
        if given.get("virtual_texture_builder", NULL) is None:
            given["virtual_texture_builder"] = NULL
        return self._change(given)

    def grid(self, tile_count_bias: int = 0) -> TileGrid:
        """Return the tiles of its texture.

        Parameters
        ----------
        tile_count_bias : int
            More bias, beside its own; -12 to 12.

        Raises
        ------
        TypeError, ValueError
            If the bias is not such a number, or the texture would be too large.
        """
        grid = tell(self, "grid", to_core(tile_count_bias, "tile_count_bias"))
        return cast("TileGrid", from_plain(grid))

    def grid_at(self, extent: Numbers, tile_count_bias: int = 0) -> TileGrid:
        """Return the tiles that its texture would have with other lengths.

        Parameters
        ----------
        extent : three numbers
            World lengths along its own x, y and z, above 0.
        tile_count_bias : int
            As of :meth:`grid`.

        Raises
        ------
        TypeError, ValueError
            If an argument is not allowed, or the texture would be too large.
        """
        lengths = to_core(flat_numbers(extent, 3, "extent"), "extent")
        bias = to_core(tile_count_bias, "tile_count_bias")
        return cast("TileGrid", from_plain(tell(self, "gridAt", lengths, bias)))
