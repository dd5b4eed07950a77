"""Public calls about staging rings and memory pools, with arguments that are right."""

from forge3d import memory


def memory_calls(device):
    """Return each call by its name: the function and its arguments."""
    rings, pools = memory.StagingRingManager(1, 256), memory.MemoryPoolManager(1)
    functions = {
        "init_memory_system": (device, 1, 1),
        "allocate_from_pool": (16,),
        "deallocate_pool_block": (99,),
        "staging_stats": (),
        "pool_stats": (),
        "memory_report": (),
        "close_memory_system": (),
        "StagingRingManager": (1, 256, device),
        "MemoryPoolManager": (1, device),
    }
    methods = {
        rings: ("initialize", "is_initialized", "stats", "memory_report"),
        pools: ("initialize", "is_initialized", "stats", "defragment", "memory_report"),
    }
    return {
        **{f"memory.{name}": (getattr(memory, name), row) for name, row in functions.items()},
        **{
            f"{type(manager).__name__}.{name}": (getattr(manager, name), ())
            for manager, names in methods.items()
            for name in names
        },
    }
