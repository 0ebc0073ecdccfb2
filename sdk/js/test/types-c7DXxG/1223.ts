// rendertemplate/simple
import type { Entrypoints } from "./1223.policy.js";
const answer: Entrypoints["test/p"]["result"] = "hello world";
export {};
