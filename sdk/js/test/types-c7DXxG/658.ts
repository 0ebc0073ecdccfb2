// jwtdecodeverify/ps256-alg-wrong
import type { Entrypoints } from "./658.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
