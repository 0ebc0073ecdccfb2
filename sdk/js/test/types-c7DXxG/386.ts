// functionerrors/undefined builtin result
import type { Entrypoints } from "./386.policy.js";
const answer: Entrypoints["test"]["result"] = {"foo":1000};
export {};
