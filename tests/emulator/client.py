"""How ccxt is pointed at the emulator: settings only, ccxt itself stays as it is."""

from tests.emulator.numbers import Json
from tests.emulator.signing import ApiKey


def ccxt_config(url: str, key: ApiKey | None = None) -> Json:
    """What ``ccxt.pro.bybit(...)`` is made with; without a key it sees the public side only.

    ``url``: as of `Emulator.url`, without a slash at the end.
    """
    stream = url.replace("http", "ws", 1)
    private = f"{stream}/v5/private"
    config: Json = {
        "urls": {
            "api": {
                **dict.fromkeys(("spot", "futures", "v2", "public", "private"), url),
                "ws": {
                    "public": {
                        category: f"{stream}/v5/public/{category}"
                        for category in ("spot", "linear", "inverse", "option")
                    },
                    "private": {
                        "spot": {"unified": private, "nonUnified": private},
                        "contract": private,
                        "usdc": private,
                        "trade": f"{stream}/v5/trade",
                    },
                },
            }
        },
        "options": {
            "fetchMarkets": {"types": ["spot", "linear"]},
            "adjustForTimeDifference": True,
        },
        "enableRateLimit": False,
    }
    if key is not None:
        config |= {"apiKey": key.key, "secret": key.secret}
    return config
