// jwtdecodeverify/invalid-exp
import type { Entrypoints } from "./689.policy.js";
const answer: Entrypoints["generated/decoded"]["result"] = undefined;
export {};
