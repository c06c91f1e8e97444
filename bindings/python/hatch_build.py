"""Says what the wheel is: for any Python 3, and for the platform of the library inside it."""

import pathlib
import sysconfig
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PlatformWheel(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        package = pathlib.Path(self.root, "interaction_code")
        if not any(found.suffix in (".so", ".dylib", ".dll") for found in package.iterdir()):
            raise FileNotFoundError("no library in interaction_code/: `cargo xtask wheel` builds it, and the wheel")
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
