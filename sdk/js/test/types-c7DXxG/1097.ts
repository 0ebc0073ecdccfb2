// objectunion/nested reverse
import type { Entrypoints } from "./1097.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"c":1}},"b":2};
export {};
