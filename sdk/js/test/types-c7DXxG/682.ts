// jwtdecodeverify/hs256-float-nbf-one-tenth-second-before
import type { Entrypoints } from "./682.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
