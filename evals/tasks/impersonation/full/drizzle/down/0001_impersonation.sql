-- Deploy the code without impersonation first. Keep a copy of the audit log: it cannot be made again.
DROP TABLE "impersonations";
DROP TABLE "audit_log";
