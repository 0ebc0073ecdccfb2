// functions/cross package
import type { Entrypoints } from "./393.policy.js";
const answer: Entrypoints["test/cross"]["result"] = ["s f",[", my name "]];
export {};
