"""Settings of Systems Manager for an account, and which instances it knows: none."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.ssm.responses import SimpleSystemManagerResponse

DEFAULTS = {
    "/ssm/automation/customer-script-log-destination": "",
    "/ssm/documents/console/public-sharing-permission": "Enable",
}


class Settings:
    """The calls, as methods of moto's response."""

    def _settings(self: Any) -> dict[str, str]:
        backend = self.ssm_backend
        if not hasattr(backend, "settings"):
            backend.settings = dict(DEFAULTS)
        return backend.settings

    def _setting(self: Any) -> str:
        setting = str(self._get_param("SettingId")).split(":servicesetting", 1)[-1]
        if setting not in self._settings():
            raise JsonRESTError("ServiceSettingNotFound", f"{setting} is no setting")
        return setting

    def get_service_setting(self: Any) -> str:
        setting = self._setting()
        value = self._settings()[setting]
        status = "Default" if value == DEFAULTS[setting] else "Customized"
        return json.dumps({"ServiceSetting": {"SettingId": setting, "SettingValue": value, "Status": status}})

    def update_service_setting(self: Any) -> str:
        self._settings()[self._setting()] = self._get_param("SettingValue")
        return "{}"

    def reset_service_setting(self: Any) -> str:
        setting = self._setting()
        self._settings()[setting] = DEFAULTS[setting]
        return "{}"

    def describe_instance_information(self: Any) -> str:
        return json.dumps({"InstanceInformationList": []})


def extend() -> None:
    for name, method in vars(Settings).items():
        if not name.startswith("__"):
            setattr(SimpleSystemManagerResponse, name, method)
