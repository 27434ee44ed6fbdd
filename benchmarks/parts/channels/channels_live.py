"""The rival of `live`: Channels with its Redis layer, in a venv of its own; nothing of CodeTrack.

`python channels_live.py serve REDIS PORT` or `publish REDIS TIMES PAUSE`.
"""

from __future__ import annotations

import json
import sys
import time

import django
from django.conf import settings


def use_settings(redis: str) -> None:
    layer = {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [redis]}}
    settings.configure(
        SECRET_KEY="only-for-benchmarks",  # noqa: S106
        ALLOWED_HOSTS=["*"],
        INSTALLED_APPS=["channels"],
        CHANNEL_LAYERS={"default": layer},
    )
    django.setup()


def serve(redis: str, port: str) -> None:
    use_settings(redis)
    import uvicorn
    from channels.generic.websocket import AsyncWebsocketConsumer

    class Listener(AsyncWebsocketConsumer):  # type: ignore[misc] # Channels is not installed here
        async def connect(self) -> None:
            await self.channel_layer.group_add("everybody", self.channel_name)
            await self.accept()
            await self.send('{"listening":["everybody"]}')

        async def told(self, event: dict[str, str]) -> None:
            await self.send(event["text"])

    uvicorn.run(
        Listener.as_asgi(),
        port=int(port),
        lifespan="off",
        log_level="error",
        backlog=4_096,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
    )


def publish(redis: str, times: str, pause: str) -> None:
    use_settings(redis)
    from asgiref.sync import async_to_sync
    from channels.layers import get_channel_layer

    send = async_to_sync(get_channel_layer().group_send)
    for number in range(int(times)):
        content = {
            "seq": number,
            "tag": "bench:thing:happened",
            "topics": ["institute:1"],
            "data": {"at": time.monotonic_ns()},
        }
        send("everybody", {"type": "told", "text": json.dumps(content)})
        time.sleep(float(pause))


if __name__ == "__main__":
    part, *arguments = sys.argv[1:]
    (serve if part == "serve" else publish)(*arguments)
