import { describe, expect, it } from "vitest";
import { eventNameOf } from "../../../middleware/event-name.ts";
import { routeOf } from "../../../middleware/route.ts";

const ROUTES = {
  "POST /orders/{id}/refund": "RefundOrder",
  "GET /orders/{id}": "GetOrder",
  "ANY /admin/{proxy+}": "Administer",
};

describe("eventNameOf", () => {
  it.each([
    ["POST", "/orders/{id}/refund", "/orders/7/refund", "RefundOrder"],
    ["POST", undefined, "/orders/7/refund", "RefundOrder"],
    ["POST", "/{proxy+}", "/orders/7/refund/", "RefundOrder"],
    ["GET", undefined, "/orders/7", "GetOrder"],
    ["DELETE", undefined, "/admin/users/7", "Administer"],
    ["DELETE", undefined, "/admin", "DeleteRequest"],
    ["POST", undefined, "/orders/7/refund/8", "PostRequest"],
    ["PUT", undefined, "/orders/7", "PutRequest"],
    ["GET", "/orders", "/orders", "GetOrders"],
    ["DELETE", "/order-items/{itemId}", "/order-items/7", "DeleteOrderItemsByItemId"],
    ["GET", "/", "/", "GetRoot"],
    ["GET", "/{proxy+}", "/any/thing", "GetRequest"],
    [undefined, undefined, undefined, "Invoke"],
  ])("names %s %s, called as %s, %s", (method, resource, path, expected) => {
    expect(eventNameOf(method, routeOf({ method, resource, path }, ROUTES))).toBe(expected);
  });

  it("takes no name from what every object has", () => {
    const route = routeOf({ method: "GET", resource: "constructor", path: "/" }, {});

    expect(eventNameOf("GET", route)).toBe("GetConstructor");
  });
});
