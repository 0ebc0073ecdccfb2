// compositereferences/object
import type { Entrypoints } from "./190.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"foo":"bar"};
export {};
