// objectunion/error wrong lhs type input
import type { Entrypoints } from "./1100.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
