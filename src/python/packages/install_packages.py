"""Adds packages to a running interpreter: wheels as they are, names through micropip."""

import email.parser
import importlib.metadata
import io
import re
import zipfile

_EXTRA = re.compile(r"""extra\s*==""")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def describe_wheel(data):
    """Return a wheel's project and the platforms that it is for, whatever its file is called.

    Parameters
    ----------
    data : JsBuffer
        The file's bytes.

    Returns
    -------
    list of str
        The project, then each platform, as the wheel's own tags name them (binary distribution
        format, "File contents").
    """
    with _open_wheel(data) as archive:
        name = _info_file(archive, "WHEEL")
        lines = archive.read(name).decode().splitlines()
    tags = [line.partition(":")[2].strip() for line in lines if line.startswith("Tag:")]
    return [name.split("-")[0], *sorted({tag.rpartition("-")[2] for tag in tags})]


def unmet_requirements(data, present):
    """List what a wheel needs and the interpreter lacks; nothing of the wheel is run.

    Parameters
    ----------
    data : JsBuffer
        The file's bytes.
    present : list of str
        Projects that count as installed.

    Returns
    -------
    list of str
        Requirements, as the wheel states them.
    """
    importlib.invalidate_caches()
    with _open_wheel(data) as archive:
        text = archive.read(_info_file(archive, "METADATA")).decode()
    required = email.parser.HeaderParser().parsestr(text).get_all("Requires-Dist") or []
    present = {_canonical(name) for name in present}
    return [one for one in required if not _EXTRA.search(one) and not _is_installed(one, present)]


def _open_wheel(data):
    return zipfile.ZipFile(io.BytesIO(data.to_bytes()))


def _info_file(archive, name):
    pattern = rf"[^/]+\.dist-info/{name}"
    found = [one for one in archive.namelist() if re.fullmatch(pattern, one)]
    if not found:
        raise ValueError(f"it has no .dist-info/{name}")
    return found[0]


def _canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_installed(requirement, present):
    name = _NAME.match(requirement).group()
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        if _canonical(name) not in present:
            return False
    # micropip checks the versions that are asked for.
    return not any(mark in requirement.split(";")[0] for mark in "<>=!~@[")


async def install(requirements, index_url, fetch):
    """Install requirements and what they need.

    Parameters
    ----------
    requirements : list of str
        As pip takes them.
    index_url : str
        The package index.
    fetch : callable
        ``await fetch(url, accept)`` gives an object with ``bytes`` and ``content_type``.
    """
    importlib.invalidate_caches()
    from micropip.package_manager import PackageManager

    requirements = list(requirements)
    layer = _caching_layer(fetch)
    await PackageManager(layer).install(requirements, index_urls=[_index(index_url)])
    importlib.invalidate_caches()
    for requirement in requirements:
        if (name := _NAME.match(requirement)) and "://" not in requirement:
            _require(name.group())


async def fetch_all(requirements, index_url, fetch):
    """Fetch what :func:`install` takes, and run none of it.

    Returns
    -------
    list of str
        The packages of Pyodide's distribution that are needed.
    """
    importlib.invalidate_caches()
    from micropip._vendored.packaging.src.packaging.markers import default_environment
    from micropip.transaction import Transaction

    layer = _caching_layer(fetch)
    transaction = Transaction(
        _compat_layer=layer,
        ctx=default_environment(),
        ctx_extras=[],
        keep_going=False,
        deps=True,
        pre=False,
        fetch_kwargs={},
        index_urls=[_index(index_url)],
    )
    await transaction.gather_requirements(list(requirements))
    for wheel in transaction.wheels:
        await wheel.download({}, layer)
    return [package.name for package in transaction.pyodide_packages]


def _index(url):
    # With a placeholder in its address, the index comes before the distribution, which was tried.
    return f"{url}/{{package_name}}/"


def _caching_layer(fetch):
    from micropip._compat._compat_in_pyodide import CompatibilityInPyodide

    class CachingLayer(CompatibilityInPyodide):
        @staticmethod
        async def fetch_bytes(url, kwargs):
            if not url.startswith("http"):
                return await CompatibilityInPyodide.fetch_bytes(url, kwargs)
            return (await fetch(url, "*/*")).bytes.to_bytes()

        @staticmethod
        async def fetch_string_and_headers(url, kwargs):
            accept = kwargs.get("headers", {}).get("accept", "*/*")
            answer = await fetch(url, accept)
            headers = {"content-type": answer.content_type}
            return answer.bytes.to_bytes().decode(), headers

        @staticmethod
        def loadPackage(names):
            return CompatibilityInPyodide.loadPackage(
                names, messageCallback=_ignore, errorCallback=_ignore
            )

    return CachingLayer


def _ignore(_message):
    pass


def _require(name):
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        message = f"the index has no wheel of {name} for this Python"
        raise LookupError(f"{message}, and the distribution cannot be reached") from None
