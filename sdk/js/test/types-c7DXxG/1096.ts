// objectunion/nested
import type { Entrypoints } from "./1096.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"c":1}},"b":2};
export {};
