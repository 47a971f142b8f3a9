/**
 * A document as the body of a write, without undefined properties. The document has passed the contracts' schema, from
 * which the OpenAPI document is generated too; TypeScript cannot see that both describe the same JSON.
 */
export function jsonBody<Body>(document: object): Body {
  return JSON.parse(JSON.stringify(document)) as Body;
}
