import assert from "node:assert/strict";
import { plainValues, type Shapes } from "./plain.ts";

const SHAPES: Shapes = {
  title: {
    at: [["title", "[]", "plain_text"], ["title", "[]", "text", "content"]],
    as: "text",
  },
  tags: { at: [["tags", "[]", "name"]], as: "list" },
  number: { at: [["number"]], as: "value" },
};

Deno.test("values are read out of what tells their kind", () => {
  const properties = {
    Name: { id: "a", title: [{ plain_text: "Ada " }, { plain_text: "King" }] },
    Other: { title: [{ text: { content: "as it is written" } }] },
    Tags: { tags: [{ name: "new" }, { name: "old" }] },
    Price: { number: 0 },
    Empty: { number: null },
    Formula: { formula: { string: "x" } },
    Plain: "as it is",
  };
  const [record] = plainValues([{ id: "1", properties }], "properties", SHAPES);
  assert.deepEqual(record, {
    id: "1",
    properties: {
      Name: "Ada King",
      Other: "as it is written",
      Tags: ["new", "old"],
      Price: 0,
      Empty: undefined,
      Formula: { formula: { string: "x" } },
      Plain: "as it is",
    },
  });
});

Deno.test("a record without the map is left as it is", () => {
  assert.deepEqual(plainValues([{ id: "1" }], "properties", SHAPES), [{
    id: "1",
  }]);
});
