exports.required = require('countersign')
