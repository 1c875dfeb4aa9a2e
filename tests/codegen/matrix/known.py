"""The catalogue of the matrix."""

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Pagination

WAREHOUSE = """
openapi: 3.0.3
info: {title: Warehouse, version: "1"}
servers: [{url: "https://warehouse.example.com/api"}]
paths:
  /shipments:
    get:
      operationId: listShipments
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        "200":
          description: A page.
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {$ref: "#/components/schemas/Shipment"}}
                  next_cursor: {type: string, nullable: true}
components:
  schemas:
    Shipment:
      type: object
      required: [id, order_number]
      properties:
        id: {type: string}
        order_number: {type: string}
        carrier: {type: string}
        tracking_number: {type: string}
        shipped_at: {type: string, format: date-time}
"""


def catalogue() -> Catalogue:
    """What ships, a person's own API, and a GitHub that names the next page in a header."""
    shipped = Catalogue.load()
    linked = Pagination(style="link", parameter="page", size_parameter="per_page", page_size=2)
    github = shipped.system("github")
    operations = [
        one.model_copy(update={"pagination": linked}) if one.id == "list-issues" else one
        for one in github.operations
    ]
    added = (github.model_copy(update={"operations": operations}),)
    return Catalogue(added=added).with_spec("warehouse.yaml", WAREHOUSE)
