// jwtdecodeverify/hs256-float-one-tenth-second-after-exp
import type { Entrypoints } from "./687.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
