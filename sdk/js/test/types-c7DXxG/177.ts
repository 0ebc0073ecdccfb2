// completedoc/string: "hello"
import type { Entrypoints } from "./177.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "hello";
export {};
