import logging

import js

import forge3d
from forge3d import streaming

from scene import BC7, EYE, PATH, PROJECTION, VIEW, make, settle


class Records(logging.Handler):
    def __init__(self):
        super().__init__()
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def draw(system):
    return system.render(EYE, VIEW, PROJECTION, 96, 54).tobytes()


def test_every_call_goes_on_and_one_warning_says_why():
    records = Records()
    logging.getLogger("forge3d").addHandler(records)
    try:
        with make() as system:
            device = forge3d.get_device()
            texture = system.load_texture(PATH)
            settle(system)
            before = draw(system)
            calls = [
                lambda: settle(system),
                lambda: system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=5),
                lambda: system.flush(),
                lambda: draw(system),
                lambda: system.unload_texture(system.load_texture(BC7)),
                lambda: system.prefetch_region(texture, 0, 0, 64, 64),
                lambda: system.get_statistics(),
            ]
            for number, call in enumerate(calls, 1):
                js.loseForge3dDevice()
                call()
                assert draw(system) == before, number
                assert len(records.messages) == number, records.messages
                assert js.requestedForge3dDevices() == number + 1
            assert all("device lost: " in message for message in records.messages)
            assert forge3d.get_device() is device
    finally:
        logging.getLogger("forge3d").removeHandler(records)


def test_a_system_can_be_made_right_after_a_loss():
    device = forge3d.get_device()
    js.loseForge3dDevice()
    with streaming.VirtualTextureSystem(device, max_memory_mb=8, tile_size=64) as system:
        system.load_texture(PATH)
        assert settle(system)["tiles_pending"] == 0
        assert any(draw(system))
