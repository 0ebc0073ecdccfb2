// jwtdecodeverify/invalid-nbf
import type { Entrypoints } from "./690.policy.js";
const answer: Entrypoints["generated/decoded"]["result"] = undefined;
export {};
