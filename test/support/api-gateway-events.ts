/** A call of an HTTP API (payload 2.0), as Lambda gets it. */
export function httpApiEvent(changes: object = {}, authorizer?: object) {
  return {
    version: "2.0",
    routeKey: "POST /orders/{id}/refund",
    rawPath: "/orders/7/refund",
    rawQueryString: "notify=yes",
    headers: { "content-type": "application/json", authorization: "Bearer eyJ.secret", cookie: "a=b" },
    queryStringParameters: { notify: "yes" },
    pathParameters: { id: "7" },
    requestContext: {
      accountId: "111122223333",
      apiId: "api-id",
      ...(authorizer === undefined ? {} : { authorizer }),
      http: {
        method: "POST",
        path: "/orders/7/refund",
        protocol: "HTTP/1.1",
        sourceIp: "192.0.2.10",
        userAgent: "shop-app/3.1",
      },
      requestId: "request-1",
      routeKey: "POST /orders/{id}/refund",
      stage: "$default",
      timeEpoch: 1583348638390,
    },
    body: '{"amount":12,"card":{"number":"4111","cvv":"123"},"password":"hunter2"}',
    isBase64Encoded: false,
    ...changes,
  };
}

/** A call of a REST API (payload 1.0), as Lambda gets it. */
export function restApiEvent(context: object = {}, changes: object = {}) {
  const { identity, ...others } = context as { readonly identity?: object };
  return {
    resource: "/orders/{id}",
    path: "/orders/7",
    httpMethod: "GET",
    headers: { "Content-Type": "application/json" },
    queryStringParameters: { field: "b" },
    multiValueQueryStringParameters: { field: ["a", "b"], page: ["1"] },
    pathParameters: { id: "7" },
    requestContext: {
      accountId: "111122223333",
      resourcePath: "/orders/{id}",
      httpMethod: "GET",
      requestId: "request-2",
      identity: { sourceIp: "198.51.100.7", userAgent: "curl/8", ...identity },
      ...others,
    },
    body: null,
    isBase64Encoded: false,
    ...changes,
  };
}
