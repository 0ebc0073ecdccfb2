// jwtdecodeverify/ps256-key-wrong
import type { Entrypoints } from "./653.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
