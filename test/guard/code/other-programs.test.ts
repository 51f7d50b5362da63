import { describe, expect, test } from "vitest";

import { programVerdict, verdictOf } from "./code-world.ts";

/** The program that reads it on its input, then its text. */
type Row = readonly [string, string];

const deny: readonly Row[] = [
  ["ruby", "require 'aws-sdk-s3'\nAws::S3::Client.new.put_object(bucket: 'queenofsandiego-prod', key: 'x', body: '')"],
  ["ruby", "require 'aws-sdk-s3'\nAws::S3::Client.new.put_object bucket: 'queenofsandiego-prod', key: 'x'"],
  ["ruby", "Aws::S3::Resource.new.bucket('queenofsandiego-prod').object('x').upload_file('x')"],
  ["ruby", "Aws::S3::Resource.new.bucket('queenofsandiego-prod').objects(prefix: 'old/').batch_delete!"],
  ["ruby", "%w[queenofsandiego-staging queenofsandiego-prod].each do |b|\n  client.put_object(bucket: b, key: 'x')\nend"],
  ["ruby", "b = \"queenofsandiego-#{'prod'}\"\nAws::S3::Client.new.delete_object(bucket: b, key: 'x')"],
  ["ruby", "Aws::S3::Client.new.send(:put_object, bucket: 'queenofsandiego-prod', key: 'x')"],
  ["ruby", "`aws s3 rm s3://queenofsandiego-prod/x`"],
  ["ruby", "%x(aws s3 rm s3://queenofsandiego-prod/x)"],
  ["ruby", "system('aws', 's3', 'rm', 's3://queenofsandiego-prod/x')"],
  ["ruby", 'system "aws s3 rm s3://queenofsandiego-prod/x"'],
  ["ruby", "Kernel.exec 'aws s3 rm s3://queenofsandiego-prod/x'"],
  ["ruby", "require 'open3'\nOpen3.capture2('aws', 's3', 'rm', 's3://queenofsandiego-prod/x')"],
  ["ruby", "IO.popen(['aws', 's3', 'rm', 's3://queenofsandiego-prod/x'])"],
  ["ruby", "eval \"system('aws s3 rm s3://queenofsandiego-prod/x')\""],
  ["ruby", "File.write('/mnt/prod/index.html', 'x')"],
  ["ruby", "require 'fileutils'\nFileUtils.rm_rf('/mnt/prod/old')"],
  ["ruby", "cmd = <<~SH\n  aws s3 rm s3://queenofsandiego-prod/x\nSH\nsystem(cmd)"],
  ["perl", "system('aws', 's3', 'rm', 's3://queenofsandiego-prod/x');"],
  ["perl", "my $b = 'queenofsandiego' . '-prod'; system(\"aws s3 rm s3://$b/x\");"],
  ["perl", "my $o = qx{aws s3 rm s3://queenofsandiego-prod/x};"],
  ["perl", "print `aws s3 rm s3://queenofsandiego-prod/x`;"],
  ["perl", "open(my $p, '-|', 'aws', 's3', 'rm', 's3://queenofsandiego-prod/x');"],
  ["perl", "open(P, '|aws s3 cp - s3://queenofsandiego-prod/x');"],
  ["perl", "exec 'aws s3 rm s3://queenofsandiego-prod/x';"],
  ["perl", "my @cmd = qw(aws s3 rm s3://queenofsandiego-prod/x); system(@cmd);"],
  ["perl", "use Paws; my $s3 = Paws->service('S3', region => 'x'); $s3->PutObject(Bucket => 'queenofsandiego-prod', Key => 'x');"],
  ["perl", "sub up { my ($b) = @_; system(\"aws s3 rm s3://$b/x\"); } up('queenofsandiego-prod');"],
  ["perl", "open(my $f, '>', '/mnt/prod/index.html'); print $f 'x';"],
  ["perl", "unlink '/mnt/prod/index.html';"],
  ["php", "<?php\n$s3 = new Aws\\S3\\S3Client([]);\n$s3->putObject(['Bucket' => 'queenofsandiego-prod', 'Key' => 'x']);"],
  ["php", "<?php $b = 'queenofsandiego' . '-prod'; $s3->deleteObject(array('Bucket' => $b, 'Key' => 'x'));\n// aws"],
  ["php", "<?php exec('aws s3 rm s3://queenofsandiego-prod/x');"],
  ["php", "<?php echo `aws s3 rm s3://queenofsandiego-prod/x`;"],
  ["php", "<?php foreach (['queenofsandiego-prod'] as $b) { shell_exec(\"aws s3 rm s3://$b/x\"); }"],
  ["php", "<?php file_put_contents('/mnt/prod/index.html', 'x');"],
  ["php", "<?php file_put_contents('s3://queenofsandiego-prod/index.html', 'x');"],
  ["lua", "os.execute('aws s3 rm s3://queenofsandiego-prod/x')"],
  ["lua", "local b = 'queenofsandiego' .. '-prod'\nio.popen('aws s3 rm s3://' .. b .. '/x')"],
  ["lua", "local f = io.open('/mnt/prod/index.html', 'w')\nf:write('x')"],
  ["Rscript -", "library(aws.s3)\nput_object('x', object='x', bucket='queenofsandiego-prod')"],
  ["R --no-save", "system('aws s3 rm s3://queenofsandiego-prod/x')"],
  ["R --no-save", "b <- paste0('queenofsandiego', '-prod')\nsystem2('aws', c('s3', 'rm', paste0('s3://', b, '/x')))"],
  ["julia", "run(`aws s3 rm s3://queenofsandiego-prod/x`)"],
  ["tclsh", "set b queenofsandiego-prod\nexec aws s3 rm s3://$b/x"],
  ["expect", "spawn aws s3 rm s3://queenofsandiego-prod/x\nexpect eof"],
  ["osascript", 'do shell script "aws s3 rm s3://queenofsandiego-prod/x"'],
  ["osascript", 'set b to "queenofsandiego-prod"\ndo shell script "aws s3 rm s3://" & b & "/x"'],
  ["jshell -", 'Runtime.getRuntime().exec("aws s3 rm s3://queenofsandiego-prod/x");'],
  ["jshell -", 'new ProcessBuilder("aws", "s3", "rm", "s3://queenofsandiego-prod/x").start();'],
];

const allow: readonly Row[] = [
  ["ruby", 'puts "aws s3 rm s3://queenofsandiego-prod/x"'],
  ["ruby", "# system('aws s3 rm s3://queenofsandiego-prod/x')\nputs 1"],
  ["ruby", "=begin\nsystem('aws s3 rm s3://queenofsandiego-prod/x')\n=end\nputs 1"],
  ["ruby", "Aws::S3::Client.new.get_object(bucket: 'queenofsandiego-prod', key: 'x')"],
  ["ruby", "Aws::S3::Client.new.put_object(bucket: 'queenofsandiego-staging', key: 'x')"],
  ["ruby", "Aws::S3::Resource.new.bucket('queenofsandiego-prod').objects.each { |o| puts o.key }"],
  ["ruby", "puts 'delete'.sub(/queenofsandiego-prod/, 'x')\nputs %w[aws s3 rm].join(' ')"],
  ["ruby", "system('git', 'status')\nFile.write('out.txt', 'queenofsandiego-prod')"],
  ["ruby", "puts <<~TEXT\n  aws s3 rm s3://queenofsandiego-prod/x\nTEXT"],
  ["perl", 'print "aws s3 rm s3://queenofsandiego-prod/x\\n";'],
  ["perl", "while (<>) { s/queenofsandiego-prod/x/g; print; }"],
  ["perl", "=pod\n\nsystem('aws s3 rm s3://queenofsandiego-prod/x');\n\n=cut\n\nprint 1;"],
  ["perl", "my %h = (system => 'aws s3 rm s3://queenofsandiego-prod/x'); print $h{system};"],
  ["perl", "open(my $f, '<', '/mnt/prod/index.html'); print <$f>;"],
  ["php", "<?php echo 'aws s3 rm s3://queenofsandiego-prod/x';"],
  ["php", "aws s3 rm s3://queenofsandiego-prod/x\n<?php echo 1; ?>\nexec('aws s3 rm s3://queenofsandiego-prod/x')"],
  ["php", "<?php $r = $s3->getObject(['Bucket' => 'queenofsandiego-prod', 'Key' => 'x']); file_put_contents('x', $r['Body']);"],
  ["lua", "print('aws s3 rm s3://queenofsandiego-prod/x')"],
  ["lua", "-- os.execute('aws s3 rm s3://queenofsandiego-prod/x')\nprint(1)"],
  ["R --no-save", "x <- read.csv('s3://queenofsandiego-prod/x.csv')\nwrite.csv(x, 'x.csv')"],
  ["R --no-save", "cat('aws s3 rm s3://queenofsandiego-prod/x')"],
  ["julia", 'println("aws s3 rm s3://queenofsandiego-prod/x")'],
  ["tclsh", 'puts "aws s3 rm s3://queenofsandiego-prod/x"'],
  ["osascript", 'display dialog "aws s3 rm s3://queenofsandiego-prod/x"'],
  ["jshell -", 'System.out.println("aws s3 rm s3://queenofsandiego-prod/x");'],
];

describe("a program in another language that writes to a guarded place is denied", () => {
  test.each(deny)("%s: %s", (program, text) => {
    expect(programVerdict(program, text)).toBe("deny");
  });
});

describe("a program in another language that reads, or writes elsewhere, passes", () => {
  test.each(allow)("%s: %s", (program, text) => {
    expect(programVerdict(program, text)).toBe("allow");
  });
});

const goDelete = `package main
import (
	"context"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)
func main() {
	bucket := "queenofsandiego-BUCKET"
	client := s3.NewFromConfig(cfg)
	if _, err := client.DeleteObject(context.TODO(), &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: aws.String("x")}); err != nil {
		panic(err)
	}
}`;

const javaPut = `import software.amazon.awssdk.services.s3.S3Client;
public class Up {
  public static void main(String[] args) {
    S3Client s3 = S3Client.create();
    s3.putObject(PutObjectRequest.builder().bucket("queenofsandiego-BUCKET").key("x").build(), RequestBody.fromString("x"));
  }
}`;

describe("compiled languages run from their source are read", () => {
  test.each([
    ["go run main.go", "main.go", goDelete],
    ["go run .", "main.go", goDelete],
    ["java Up.java", "Up.java", javaPut],
  ])("%s", (command, name, text) => {
    expect(verdictOf(command, { [name]: text.replace("BUCKET", "prod") })).toBe("deny");
    expect(verdictOf(command, { [name]: text.replace("BUCKET", "staging") })).toBe("allow");
  });

  test("exec.Command of Go is followed", () => {
    const text =
      'package main\nimport "os/exec"\nfunc main() {\n\tcmd := exec.Command("aws", "s3", "rm", "s3://queenofsandiego-prod/x")\n\tcmd.Run()\n}';
    expect(verdictOf("go run main.go", { "main.go": text })).toBe("deny");
  });
});
