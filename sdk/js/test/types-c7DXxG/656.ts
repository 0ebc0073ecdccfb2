// jwtdecodeverify/ps256-iss-wrong
import type { Entrypoints } from "./656.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
