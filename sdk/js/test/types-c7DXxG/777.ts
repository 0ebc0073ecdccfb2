// keywordrefs/every keyword rule refhead, else bodies
import type { Entrypoints } from "./777.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":3};
const input: Entrypoints["test/p"]["input"] = given;
export {};
