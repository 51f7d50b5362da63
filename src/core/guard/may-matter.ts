/** Whether a text that cannot be read to its end mentions anything that could write to a guarded place. */

const interesting =
  /\b(?:aws|awslocal|boto3|botocore|s3|s3api|s3cmd|s5cmd|s4cmd|s3fs|s3deploy|goofys|rclone|gsutil|gcloud|mc|mcli|curl|wget|https?|cloudfront|dynamodb|terraform|tofu|terragrunt|pulumi|cdk|sst|serverless|sls|ansible|hugo|sam|belay|eval|base64|rsync|scp|sftp|put_object|PutObject\w*|gh|glab)\b/;

export const mayMatter = (text: string): boolean => interesting.test(text);
