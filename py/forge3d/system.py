"""The virtual texture system: each call that waits stands beside its async version."""

from __future__ import annotations

from typing import Any, Unpack

from . import _calls, _pools
from ._bridge import wait
from ._calls import DEFAULT_TIME_BUDGET_MS
from ._checks import integer, truth
from ._convert import Numbers
from ._load import load_async
from ._system_state import SystemState
from ._values import range_request
from .image import Image
from .options import (
    ColorMap,
    DebugView,
    PoolConfig,
    PreferredFormat,
    Quality,
    SampleFilter,
    SourceOptions,
    ValueRange,
)
from .region_source import TextureInput
from .results import UpdateResult
from .texture import VirtualTexture, loaded_texture

__all__ = ["VirtualTextureSystem"]


class VirtualTextureSystem(SystemState):
    """Streams virtual textures within a budget of memory.

    A context manager. GPU memory is also freed when the object is garbage-collected.

    Parameters
    ----------
    device : Device
        From :func:`forge3d.get_device`.
    max_memory_mb : float
        The budget in MiB for everything that the system keeps: atlas, page tables, feedback,
        staging, scratch, caches. It is never exceeded. Rings and pools of :mod:`forge3d.memory` are
        not in it.
    tile_size : int
        Edge of a tile in texels: a power of 2 from 64 to 1024.
    **options
        Those of :class:`~forge3d.options.SystemOptions`: ``border``, ``max_anisotropy``,
        ``tiles_per_update``, ``bytes_per_update``, ``ms_per_update``, ``gpu_ms_per_update``,
        ``gpu_wait_share``, ``fade_frames``, ``feedback_interval``, ``cache_folder``, ``label``.

    Raises
    ------
    ValueError
        If `max_memory_mb` is not positive, `tile_size` is not a power of 2 in its range, or an
        option is out of its range.
    TypeError
        For an unknown option, or a value of the wrong type.
    BudgetError
        If the budget cannot hold even an empty system; it names the minimum.
    DeviceError
        If the device is lost and cannot be replaced.

    Examples
    --------
    Stream a texture for a camera 500 above texel (1000, 2000)::

        with VirtualTextureSystem(forge3d.get_device(), max_memory_mb=64) as system:
            texture = system.load_texture("earth.ktx2")
            system.update_streaming((1000, 2000, 500))
    """

    def load_texture(
        self,
        path: TextureInput,
        preferred_format: PreferredFormat | None = None,
        quality: Quality | None = None,
        **options: Unpack[SourceOptions],
    ) -> VirtualTexture:
        """Load a texture for streaming.

        It is resident at its coarsest levels when the call returns, so that the first picture is
        never empty. A load that fails changes nothing. KTX2 files without
        supercompression and tile stores are read by region; pictures (PNG, JPEG, TIFF, WebP,
        GIF, AVIF, BMP) are baked once, and KTX2 files of BasisLZ and UASTC transcoded once: to BC7,
        or RGBA8 where the device lacks it or is a CPU.

        Parameters
        ----------
        path : str, os.PathLike, bytes, callable or RegionSource
            The file, or its content; or a function ``(level, x, y, w, h)`` that gives texels, with
            ``size`` and ``format``: see :class:`~forge3d.streaming.RegionSource`.
        preferred_format : str, optional
            Format in the atlas, such as ``"BC7"``, ``"RGBA8"``, ``"R16F"``: see
            :class:`~forge3d.options.LoadOptions`. Default: as stored; colour pictures BC7 where the
            device has it and is no CPU, else RGBA8. One that the device does not have, or that
            levels which the file lacks cannot be encoded to, becomes an uncompressed one without
            loss, as ``info`` says.
        quality : {"low", "medium", "high"}, optional
            How hard an encoder tries, where one is needed.
        **options
            Those of :class:`~forge3d.options.PlacedOptions`: ``color_space``; ``wrap``; ``page``
            and ``bands`` of a picture; ``layer``, ``face`` and ``slice`` of a KTX2 file with
            several images; ``identity``; ``placement``, ``origin`` and ``extent``, or ``origin``,
            ``axis_u`` and ``axis_v``; ``on_progress``. With a function, those of
            :class:`~forge3d.options.RegionOptions`: ``size``, ``format``, ``levels`` and so on.

        Returns
        -------
        VirtualTexture

        Raises
        ------
        MissingFileError
            If there is no such file: a `FileNotFoundError` too.
        FileError
            If it cannot be read.
        MalformedFileError
            If it breaks its format's specification.
        UnsupportedError
            If the file or the format is not supported; it names what.
        BudgetError
            If the budget is too small; it names the minimum.
        TypeError, ValueError
            `TypeError` for an unknown option or a value of the wrong type, `ValueError` for an
            unknown choice. Nothing is opened then.
        """
        return wait(
            self.load_texture_async(path, preferred_format, quality, **options),
            "VirtualTextureSystem.load_texture_async()",
        )

    async def load_texture_async(
        self,
        path: TextureInput,
        preferred_format: PreferredFormat | None = None,
        quality: Quality | None = None,
        **options: Unpack[SourceOptions],
    ) -> VirtualTexture:
        """Async version of :meth:`load_texture`."""
        given = {"preferred_format": preferred_format, "quality": quality, **options}
        texture = loaded_texture(await load_async(self._handle, path, given), self._handle)
        self._textures[texture.handle] = texture
        return texture

    def unload_texture(self, texture: VirtualTexture) -> None:
        """Unload a texture, whose memory goes to the others.

        Raises
        ------
        ValueError
            If it is not one of this system.
        """
        wait(self.unload_texture_async(texture), "VirtualTextureSystem.unload_texture_async()")

    async def unload_texture_async(self, texture: VirtualTexture) -> None:
        """Async version of :meth:`unload_texture`."""
        number = self._required_number(texture)
        await _calls.unload_async(self._handle, number)
        self._textures.pop(number, None)

    def update_streaming(
        self,
        camera_position: Numbers,
        view_matrix: Numbers | None = None,
        projection_matrix: Numbers | None = None,
        texture_handle: int | VirtualTexture | None = None,
        *,
        viewport: Numbers | None = None,
        time_budget_ms: float | None = DEFAULT_TIME_BUDGET_MS,
    ) -> UpdateResult:
        """Stream for a camera: request the tiles that it sees and land those that have arrived.

        Matrices are row-major for column vectors, as numpy users write them, in any nesting of
        sequences, buffers or arrays. Where waiting is impossible, the call does not wait, and
        ``waited`` is 0.

        Parameters
        ----------
        camera_position : three numbers
            World position. By default a texture lies in the plane z = 0, a texel a unit, so that z
            is the camera's height.
        view_matrix : 4 by 4 numbers, optional
            World to view. Default: every direction.
        projection_matrix : 4 by 4 numbers, optional
            View to clip, any depth convention. Default: 60 degrees vertical.
        texture_handle : int or VirtualTexture, optional
            Stream for this texture only.
        viewport : two numbers, optional
            Width and height of the picture in pixels. Default: as rendered last, else 1920 by 1080.
        time_budget_ms : float or None
            Longest time to wait for tiles, and for the first one at least twice as long as the call
            itself took; 0: do not wait; None: wait for all of them, so that the same calls have
            the same result.

        Returns
        -------
        UpdateResult
            ``tiles_requested`` (newly requested), ``tiles_loaded``, ``tiles_evicted``,
            ``tiles_wanted`` (seen, resident or not), ``tiles_pending`` (in flight),
            ``tiles_queued`` (not requested yet), ``tiles_failed``, ``cache_hits``,
            ``cache_misses``, ``bytes_uploaded``, ``waited`` (1 if the call waited for tiles, else
            0): all `int`; and ``update_time_ms``, a `float`.

        Raises
        ------
        TypeError, ValueError
            If an argument has the wrong shape or is not finite.
        DeviceError
            If the device is lost and cannot be replaced.
        """
        return _calls.update(
            self._handle,
            camera_position,
            view_matrix,
            projection_matrix,
            self._number(texture_handle),
            viewport,
            time_budget_ms,
        )

    async def update_streaming_async(
        self,
        camera_position: Numbers,
        view_matrix: Numbers | None = None,
        projection_matrix: Numbers | None = None,
        texture_handle: int | VirtualTexture | None = None,
        *,
        viewport: Numbers | None = None,
        time_budget_ms: float | None = DEFAULT_TIME_BUDGET_MS,
    ) -> UpdateResult:
        """Async version of :meth:`update_streaming`."""
        return await _calls.update_async(
            self._handle,
            camera_position,
            view_matrix,
            projection_matrix,
            self._number(texture_handle),
            viewport,
            time_budget_ms,
        )

    def flush(self) -> bool:
        """Settle: wait until nothing is pending for the last camera.

        Returns
        -------
        bool
            Whether everything that is wanted is resident.
        """
        return _calls.flush(self._handle)

    async def flush_async(self) -> bool:
        """Async version of :meth:`flush`."""
        return await _calls.flush_async(self._handle)

    @property
    def pool_config(self) -> PoolConfig:
        """Sizes of pools that are in force."""
        return _pools.pool_config(self._handle)

    def configure_pools(self, config: PoolConfig | str) -> None:
        """Set sizes of pools, all of them anew, and resize those that there are.

        Parameters
        ----------
        config : PoolConfig or str
            The sizes, or the text of a file of settings that has them in its section
            ``[/Script/Engine.VirtualTexturePoolConfig]``.

        Raises
        ------
        TypeError, ValueError
            If a key does not exist, or a value is not allowed; nothing changes then.
        DisposedError
            If the system was closed.
        """
        configuring = self.configure_pools_async(config)
        wait(configuring, "VirtualTextureSystem.configure_pools_async()")

    async def configure_pools_async(self, config: PoolConfig | str) -> None:
        """Async version of :meth:`configure_pools`."""
        await _pools.configure_pools_async(self._handle, config)

    def render(
        self,
        camera_position: Numbers,
        view_matrix: Numbers,
        projection_matrix: Numbers | None,
        width: int,
        height: int,
        texture: VirtualTexture | None = None,
        *,
        filter: SampleFilter = "trilinear",  # noqa: A002
        debug: DebugView | None = None,
        feedback: bool = True,
        fade: bool = False,
        plane: int = 0,
        value_range: ValueRange | None = None,
        color_map: ColorMap | None = None,
    ) -> Image:
        """Draw the textures as they are resident now.

        It loads and evicts nothing; it tells the system which tiles it would have sampled.

        Parameters
        ----------
        camera_position : three numbers
            World position.
        view_matrix, projection_matrix : 4 by 4 numbers
            As of :meth:`update_streaming`. Without a projection: 60 degrees vertical.
        width, height : int
            Size of the picture in pixels.
        texture : VirtualTexture, optional
            Draw this one only.
        filter : {"trilinear", "bilinear", "anisotropic"}
            How texels are filtered.
        debug : {"level"}, optional
            Show each tile's level as a colour, with outlines.
        feedback, fade : bool
            Tell the system what was sampled; fade new tiles in.
        plane : int
            The plane that is shown, of textures with several: those of
            :meth:`forge3d.rvt.RuntimeVirtualTextureScene.texture_of`.
        value_range : two numbers, two percentages, {"minmax", "percentiles"} or list, optional
            The values shown darkest and brightest, in units of the file (0 to 65535 for uint16):
            two for all bands, a list of two for each, or ones found for each band, such as
            ``("2%", "98%")``, which is ``"percentiles"``. Default: values as they are stored,
            floats from 0 to 1; with a `color_map`, ``"minmax"``.
        color_map : {"viridis", "magma", "inferno", "plasma", "cividis", "turbo", "terrain", "grey"}
            The colours of a texture of one band.

        Returns
        -------
        Image
            RGBA, rows from the top down, transparent where nothing was drawn. Colours of sRGB
            textures are exact; others are the stored values. Holes (no data, NaN) are transparent.

        Raises
        ------
        TypeError, ValueError
            If a matrix has the wrong shape or is not finite, a size is out of the device's
            range, or an option is not one of its choices.
        UnsupportedError
            If a colour map is to show several bands, or no range can be found.
        DeviceError
            If the device is lost and cannot be replaced.
        """
        return wait(
            self.render_async(
                camera_position,
                view_matrix,
                projection_matrix,
                width,
                height,
                texture,
                filter=filter,
                debug=debug,
                feedback=feedback,
                fade=fade,
                plane=plane,
                value_range=value_range,
                color_map=color_map,
            ),
            "VirtualTextureSystem.render_async()",
        )

    async def render_async(
        self,
        camera_position: Numbers,
        view_matrix: Numbers,
        projection_matrix: Numbers | None,
        width: int,
        height: int,
        texture: VirtualTexture | None = None,
        *,
        filter: SampleFilter = "trilinear",  # noqa: A002
        debug: DebugView | None = None,
        feedback: bool = True,
        fade: bool = False,
        plane: int = 0,
        value_range: ValueRange | None = None,
        color_map: ColorMap | None = None,
    ) -> Image:
        """Async version of :meth:`render`."""
        columns = integer(width, "width", least=1)
        rows = integer(height, "height", least=1)
        options: dict[str, Any] = {"width": columns, "height": rows, "filter": filter}
        options |= {"debug": debug, "plane": integer(plane, "plane", least=0)}
        options |= {"feedback": truth(feedback, "feedback"), "fade": truth(fade, "fade")}
        options |= {"color_map": color_map} | range_request(value_range)
        camera = (camera_position, view_matrix, projection_matrix)
        number = self._number(texture)
        data = await _calls.render_async(self._handle, *camera, number, options)
        return Image(data, columns, rows)
