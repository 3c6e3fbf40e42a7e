"""A folder with settings in all the places they may stand in."""

from collections.abc import Mapping
from pathlib import Path

from actors.config.loading import Loaded, load
from actors.config.problems import SettingsError


class Places:
    """Settings are looked for here, and in no environment but the one given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ: dict[str, str] = {}

    def settings(self, text: str, name: str = "settings.yaml", mode: int = 0o644) -> Path:
        return self.write(name, text, mode)

    def dotenv(self, text: str, mode: int = 0o600) -> Path:
        return self.write(".env", text, mode)

    def write(self, name: str, text: str | bytes, mode: int = 0o644) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    def load(self, *files: Path, options: Mapping[str, object] | None = None) -> Loaded:
        return load(files, options, folder=self.folder, environ=self.environ)

    def problems(self, *files: Path, options: Mapping[str, object] | None = None) -> list[str]:
        """What is wrong, in words; empty if nothing is."""
        try:
            self.load(*files, options=options)
        except SettingsError as error:
            return str(error).replace(f"{self.folder}/", "").splitlines()
        return []
