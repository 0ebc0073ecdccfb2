// indirectreferences/call
import type { Entrypoints } from "./582.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
