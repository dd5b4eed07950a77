"""The volume that places a runtime virtual texture in the world."""

from __future__ import annotations

from typing import Any, Literal, Unpack, cast

from ._core import Made, Reading, from_plain, tell
from ._values import options, to_core
from .asset import RuntimeVirtualTexture
from .options import OrientedBox, Transform, VolumeSettings

__all__ = ["RuntimeVirtualTextureVolume"]


class RuntimeVirtualTextureVolume(Made):
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
    warnings = Reading[list[str]](
        "What is not as it should be of its low mips, as the scene is now: none built, built with "
        "other settings, stale, or not to be read; empty if all is."
    )

    def __init__(
        self,
        asset: RuntimeVirtualTexture,
        *,
        name: str | None = None,
        **settings: Unpack[VolumeSettings],
    ) -> None:
        self._make_of_options({"name": name, **settings}, to_core(asset, "asset"))

    def __repr__(self) -> str:
        return f"<forge3d.rvt.RuntimeVirtualTextureVolume {self.name!r} of {self.asset.name!r}>"

    def change(self, **settings: Unpack[VolumeSettings]) -> Literal["texture", "content", "none"]:
        """Change settings; those that are not named stay.

        Returns
        -------
        {"texture", "content", "none"}
            Whether everything is made anew, every tile is rendered again, or neither.

        Raises
        ------
        TypeError, ValueError
            As when it is made; nothing changes then.
        """
        changed = from_plain(tell(self, "change", options(settings)))
        return cast("Literal['texture', 'content', 'none']", changed)
