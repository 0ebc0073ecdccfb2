// jwtdecodeverify/hs256-float-nbf-not-valid
import type { Entrypoints } from "./680.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
