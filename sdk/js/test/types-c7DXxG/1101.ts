// objectunion/error wrong rhs type input
import type { Entrypoints } from "./1101.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
