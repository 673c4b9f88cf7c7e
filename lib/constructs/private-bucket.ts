import { BlockPublicAccess, ObjectOwnership, type BucketProps } from "aws-cdk-lib/aws-s3";

/** What every bucket of the place is: closed to the world, reached over TLS alone, versioned. */
export const PRIVATE_BUCKET = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  versioned: true,
} as const satisfies BucketProps;
