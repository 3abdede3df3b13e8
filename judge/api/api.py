"""Version 1 of the API, put together: its routes, how it tells errors, and its OpenAPI description."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from judge.api import errors, problem_routes, schemas, submission_routes, verify_routes

DESCRIPTION = (
    "Solve problems from your own tools. Every request carries a personal token "
    "(`Authorization: Bearer kodjudge_...`); the same checkers and limits hold as on the site."
)


class Api(NinjaAPI):
    """Ninja's, with our errors in its description, and short names."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the route's function: each is there once."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The OpenAPI description; every route may also answer with a problem."""
        described: OpenAPISchema = super().get_openapi_schema(**options)
        error = {"$ref": "#/components/schemas/Error"}
        failed = {"description": "Problem", "content": {errors.MEDIA_TYPE: {"schema": error}}}
        described["components"]["schemas"] |= _schemas_of_errors()
        for methods in described["paths"].values():
            for route in methods.values():
                route["responses"]["default"] = failed
        return described


def _schemas_of_errors() -> dict[str, Any]:
    schema = schemas.Error.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Error": schema}


api = Api(title="KodJudge", version="1", description=DESCRIPTION, urls_namespace="api-1", docs_url=None)
errors.install(api)
api.add_router("", problem_routes.router)
api.add_router("", submission_routes.router)
api.add_router("", verify_routes.router)
