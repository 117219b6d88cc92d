// NUnit: as much of NUnit 3 as the EditMode tests use; they run in a real editor, here they are only compiled.
using System;
using System.Collections;

namespace NUnit.Framework
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TestAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class TestFixtureAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed class TestCaseAttribute : Attribute
    {
        public TestCaseAttribute(params object[] arguments)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class SetUpAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TearDownAttribute : Attribute
    {
    }

    public delegate void TestDelegate();

    // The overloads that NUnit 3.5 has, which is what Unity's test framework brings.
    public static class Assert
    {
        public static void AreEqual(object expected, object actual) => throw new NotImplementedException();

        public static void AreEqual(object expected, object actual, string message, params object[] args) =>
            throw new NotImplementedException();

        public static void AreEqual(double expected, double actual, double delta) => throw new NotImplementedException();

        public static void AreEqual(double expected, double actual, double delta, string message, params object[] args) =>
            throw new NotImplementedException();

        public static void AreSame(object expected, object actual) => throw new NotImplementedException();

        public static void IsTrue(bool condition) => throw new NotImplementedException();

        public static void IsTrue(bool condition, string message, params object[] args) =>
            throw new NotImplementedException();

        public static void IsFalse(bool condition) => throw new NotImplementedException();

        public static void IsFalse(bool condition, string message, params object[] args) =>
            throw new NotImplementedException();

        public static void IsNull(object anObject) => throw new NotImplementedException();

        public static void IsNotNull(object anObject) => throw new NotImplementedException();

        public static void IsNotNull(object anObject, string message, params object[] args) =>
            throw new NotImplementedException();

        public static void IsEmpty(IEnumerable collection) => throw new NotImplementedException();

        public static T Throws<T>(TestDelegate code) where T : Exception => throw new NotImplementedException();

        public static void Ignore(string message) => throw new NotImplementedException();
    }
}
