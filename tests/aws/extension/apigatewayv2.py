"""HTTP and WebSocket APIs: changing a stage, and taking its access logs away, which moto lacks."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.apigatewayv2 import urls
from moto.apigatewayv2.responses import ApiGatewayV2Response

Answer = tuple[int, dict[str, str], str]


def stage_of(response: ApiGatewayV2Response) -> Any:
    words = response.path.split("/")
    at = words.index("stages")
    return response.apigatewayv2_backend.get_stage(words[at - 1], unquote(words[at + 1]))


def update_stage(self: ApiGatewayV2Response) -> Answer:
    stage, asked = stage_of(self), json.loads(self.body)
    stage.default_route_settings = {**stage.default_route_settings, **asked.get("defaultRouteSettings", {})}
    stage.access_log_settings = asked.get("accessLogSettings", stage.access_log_settings)
    return 200, {}, json.dumps(stage.to_json())


def delete_access_log_settings(self: ApiGatewayV2Response) -> Answer:
    stage_of(self).access_log_settings = None
    return 204, {}, ""


def extend() -> None:
    ApiGatewayV2Response.update_stage = update_stage
    ApiGatewayV2Response.delete_access_log_settings = delete_access_log_settings
    path = "{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)/accesslogsettings$"
    urls.url_paths[path] = ApiGatewayV2Response.dispatch
