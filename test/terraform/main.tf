# Every resource of docs/terraform.md, in a form that later takes settings away.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                  = "us-east-1"
  access_key              = "111122223333"
  secret_key              = "test"
  s3_use_path_style       = true
  skip_metadata_api_check = true
}

variable "is_updated" {
  type    = bool
  default = false
}

data "aws_caller_identity" "me" {}

resource "aws_s3_bucket" "logs" {
  bucket        = "terraform-logs"
  force_destroy = true
  tags          = { team = "audit" }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AclCheck"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.logs.arn
      },
      {
        Sid       = "Write"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs.arn}/AWSLogs/*"
        Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "trail" {
  name              = "trail"
  retention_in_days = var.is_updated ? 30 : 7
  tags              = { team = "audit" }
}

resource "aws_sns_topic" "files" {
  name = "log-files"
}

resource "aws_sns_topic_policy" "files" {
  arn = aws_sns_topic.files.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.files.arn
    }]
  })
}

variable "subscriber" {
  type        = string
  description = "An http endpoint that confirms its subscription"
}

resource "aws_sns_topic_subscription" "files" {
  topic_arn              = aws_sns_topic.files.arn
  protocol               = "http"
  endpoint               = var.subscriber
  endpoint_auto_confirms = true
}

resource "aws_cloudtrail" "main" {
  name                          = "main"
  s3_bucket_name                = aws_s3_bucket.logs.id
  s3_key_prefix                 = var.is_updated ? "" : "audit"
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  kms_key_id                    = var.is_updated ? "" : "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"
  sns_topic_name                = var.is_updated ? "" : aws_sns_topic.files.name
  cloud_watch_logs_group_arn    = var.is_updated ? "" : "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn     = var.is_updated ? "" : "arn:aws:iam::111122223333:role/CloudTrailToLogs"
  tags                          = { team = var.is_updated ? "security" : "audit" }

  advanced_event_selector {
    name = "management"
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  dynamic "insight_selector" {
    for_each = var.is_updated ? [] : ["ApiCallRateInsight"]
    content {
      insight_type = insight_selector.value
    }
  }

  depends_on = [aws_s3_bucket_policy.logs, aws_sns_topic_policy.files]
}

resource "aws_cloudtrail" "single_region" {
  name                          = "single-region"
  s3_bucket_name                = aws_s3_bucket.logs.id
  include_global_service_events = false
  enable_logging                = !var.is_updated

  event_selector {
    read_write_type           = var.is_updated ? "All" : "WriteOnly"
    include_management_events = true
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_cloudwatch_event_rule" "stopped" {
  name        = "stopped"
  description = var.is_updated ? "changed" : "new"
  event_pattern = jsonencode({
    "detail-type" = ["AWS API Call via CloudTrail"]
    detail        = { eventName = ["StopLogging"] }
  })
}

resource "aws_cloudwatch_event_target" "stopped" {
  rule = aws_cloudwatch_event_rule.stopped.name
  arn  = "arn:aws:logs:us-east-1:111122223333:log-group:${aws_cloudwatch_log_group.trail.name}"
}

output "account" {
  value = data.aws_caller_identity.me.account_id
}
