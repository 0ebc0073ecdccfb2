// jwtdecodeverify/EdDSA
import type { Entrypoints } from "./688.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"EdDSA","typ":"JWT"},{"admin":true,"iat":1516239022,"name":"John Doe","sub":"1234567890"}];
export {};
