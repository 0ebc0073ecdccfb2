// keywordrefs/else keyword rule refhead, else bodies
import type { Entrypoints } from "./770.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":3};
const input: Entrypoints["test/p"]["input"] = given;
export {};
