// objectget/empty_path_returns_object
import type { Entrypoints } from "./1057.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"a":1};
export {};
