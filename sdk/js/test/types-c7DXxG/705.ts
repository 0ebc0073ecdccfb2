// jwtencodesignraw/Empty JSON payload
import type { Entrypoints } from "./705.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.e30.KAml6HRetE0sq22SYNh_CQExhf-X31ChYTfGwUBIWu8";
export {};
